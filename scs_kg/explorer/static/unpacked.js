// Unpacks the data of a script: JSON that is compressed with gzip and written in Base64. The function works without a
// server.
"use strict";
async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
