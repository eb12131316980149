// Adds the date of access in the time zone of the reader to the citation of the page. Adds a citation to each cell, and
// buttons that copy citations.
"use strict";
{
  const now = new Date(), day = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  const citation = document.querySelector("footer cite"), ofPage = citation.textContent.trim();
  const isEnglish = document.documentElement.lang === "en";
  const [accessedOn, copy] = isEnglish ? ["Accessed", "Copy"] : ["访问日期", "复制"];
  const accessed = () => {
    const time = document.createElement("time");
    time.textContent = day;
    return [` (${accessedOn} `, time, ")"];
  };
  // Copies the selection, which browsers allow on pages of every protocol, also on pages opened from a folder.
  const copyButton = (text) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: copy });
    button.addEventListener("click", () => {
      getSelection().selectAllChildren(text);
      if (document.execCommand("copy")) button.textContent = `${copy} ✓`;
    });
    return button;
  };
  const title = document.title.replace(/ · scs-kg$/, ""), comma = isEnglish ? ", " : "，";
  const words = (element) => element.textContent.trim().replace(/\s+/g, " ");
  for (const cell of document.querySelectorAll("section:has(> h2 > .mark)")) {
    const paragraph = document.createElement("p"), own = document.createElement("cite");
    const counted = document.querySelector("[data-selection]"), named = title + comma + words(cell.querySelector("h2"));
    own.append(
      ofPage.replace(title, () => named).replace(/\S+$/, (address) => `${words(counted)} ${address}#${cell.id}`), ...accessed(),
    );
    paragraph.className = "meta";
    paragraph.append(citation.previousSibling.textContent, own, " ", copyButton(own));
    cell.append(paragraph);
  }
  citation.append(...accessed());
  citation.after(" ", copyButton(citation));
}
