/**
 * A page's data is decoded when all of it is there. A live page reads itself again, and whoever acts
 * at that moment stops that reading for a newer one: stopped in the middle of decoding, Remix would
 * write an error on the console for what is none. Stopped while it is fetched, it says nothing.
 */
export function readDataWhole(): void {
  const plain = window.fetch;
  window.fetch = async (input, init) => {
    const response = await plain(input, init);
    if (!isData(input) || response.body === null) return response;
    const { status, statusText, headers } = response;
    return new Response(await response.arrayBuffer(), { status, statusText, headers });
  };
}

/** Remix asks for a page's data by the page's address with ".data" behind it. */
function isData(input: RequestInfo | URL): boolean {
  const address = input instanceof Request ? input.url : String(input);
  return new URL(address, window.location.href).pathname.endsWith(".data");
}
