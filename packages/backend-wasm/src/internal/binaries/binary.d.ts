/** A WebAssembly binary as base64 text: it loads in Node, browsers and bundlers alike, without a request of its own. */
export const binary: string;
