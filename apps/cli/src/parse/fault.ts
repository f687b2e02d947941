/** The command line is wrong. Light on purpose: whoever reports it turns it into `E-USAGE`. */
export class UsageFault extends Error {
  constructor(
    message: string,
    /** What to do about it; the general hint when absent. */ readonly hint?: string,
  ) {
    super(message);
  }
}
