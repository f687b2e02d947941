/** A verb ended because the person pressed Ctrl-C. */
export class Interrupted extends Error {
  constructor(/** What goes on running, one sentence; absent when nothing does. */ readonly stillRuns?: string) {
    super('interrupted');
  }
}
