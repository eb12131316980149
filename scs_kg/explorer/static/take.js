// The buttons that save the shown table as a file, or copy it.
"use strict";
const FORMATS = {
  csv: ["text/csv;charset=utf-8", csvOf], xlsx: ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsxOf],
  latex: ["application/x-tex;charset=utf-8", latexOf], markdown: ["text/markdown;charset=utf-8", markdownOf],
  svg: ["image/svg+xml", svgOf], png: ["image/png", pngOf],
};
const EXTENSIONS = { latex: "tex", markdown: "md" };

async function saveAs(format, table) {
  const [type, write] = FORMATS[format], link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await write(table)], { type }));
  link.download = `scs-kg-${table.file}-${localDate()}.${EXTENSIONS[format] || format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Puts texts, keyed by media type, into the clipboard. The copy event works on pages of every protocol, also in
// folders.
function copyTexts(texts) {
  const onCopy = (event) => {
    for (const [type, text] of Object.entries(texts)) event.clipboardData.setData(type, text);
    event.preventDefault();
  };
  document.addEventListener("copy", onCopy, { once: true });
  const isCopied = document.execCommand("copy");
  document.removeEventListener("copy", onCopy);
  return isCopied;
}

// `shown` returns the table that is on the screen, or null.
function setUpTaking(shown) {
  const bar = document.getElementById("take"), output = bar.querySelector("output");
  bar.addEventListener("click", async (event) => {
    const table = shown(), action = event.target.closest("button")?.value;
    if (!table || !action) return;
    if (action === "copy") {
      output.textContent = copyTexts({ "text/html": clipboardHtml(table), "text/plain": tsvOf(table) }) ? WORDS.copied : WORDS.not_copied;
    } else if (action === "address") {
      output.textContent = copyTexts({ "text/plain": sharedAddress() }) ? WORDS.address_copied : `${WORDS.not_copied} ${sharedAddress()}`;
    } else {
      await saveAs(action, table);
    }
  });
  bar.hidden = false;
}
