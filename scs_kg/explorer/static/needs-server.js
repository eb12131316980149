// Shows that a page needs a server if it was opened from a folder, where browsers load neither modules nor data.
"use strict";
document.getElementById("needs-server").hidden = location.protocol !== "file:";
