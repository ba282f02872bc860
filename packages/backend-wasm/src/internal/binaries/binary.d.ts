/** A WebAssembly binary as base64 text: it loads in Node, browsers and bundlers alike, without a request of its own. */
declare const binary: string;
export default binary;
