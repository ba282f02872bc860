/** How backends, drivers and JavaScript hosts say that there is no memory, or that one tensor is larger than they can hold. */
const WORDS: readonly RegExp[] = [
  /^GS_BACKEND_MEMORY\b/,
  /\bOOM\b/,
  /out of (device |GPU |video )?memory/i,
  /resource ?exhausted/i,
  /array buffer allocation failed/i,
  /invalid (typed array|array buffer|array) length/i,
  /(memory|buffer) allocation failed/i,
  /failed to allocate|bad_alloc/i,
  /(size|texture).*(exceeds|greater than).*(max|limit)/i,
];

/** Whether an error's message says that there was too little memory. */
export function lacksMemory(message: string): boolean {
  return WORDS.some((words) => words.test(message));
}
