/** A duration as `4s`, `1:05` or `1:00:05`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The time of one step as `2ms/step`, `1.5s/step` or `300us/step`. */
export function stepTimeText(milliseconds: number): string {
  if (milliseconds >= 9950) return `${Math.round(milliseconds / 1000)}s/step`;
  if (milliseconds >= 999.5) return `${(milliseconds / 1000).toFixed(1)}s/step`;
  return milliseconds >= 1 ? `${Math.round(milliseconds)}ms/step` : `${Math.round(milliseconds * 1000)}us/step`;
}
