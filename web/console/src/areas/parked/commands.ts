/** The command that hands a batch to its relay again; operators put their stage's name. */
export function replayOf(name: string): string {
  return `./jifen --stage STAGE parked replay ${name}`;
}
