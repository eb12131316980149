// Adds the date of access, where the reader is, to the citation at the end of the page.
"use strict";
{
  const now = new Date(), citation = document.querySelector("footer cite"), day = document.createElement("time");
  day.textContent = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  citation.append(` (${citation.dataset.accessed} `, day, ")");
}
