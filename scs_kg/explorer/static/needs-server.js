// Shows a note if the page was opened from a folder: there, browsers load neither modules nor data, so it needs a server.
"use strict";
document.getElementById("needs-server").hidden = location.protocol !== "file:";
