// Unpacks data that a script has as JSON, compressed with gzip, in Base64; this works in a folder without a server, too.
"use strict";
async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
