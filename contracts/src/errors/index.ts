export { ERROR_CODES, EXIT, errorCode, type Code, type ErrorCode } from './codes.ts';
export { SeatrialError, type SeatrialErrorOptions } from './seatrial-error.ts';
