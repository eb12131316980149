// Adds the date of access, where the reader is, to the citation of the page.
"use strict";
{
  const now = new Date(), field = document.getElementById("accessed");
  field.querySelector("time").textContent = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  field.hidden = false;
}
