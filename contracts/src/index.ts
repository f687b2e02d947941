export { SeatrialError, type SeatrialErrorOptions } from './errors/seatrial-error.ts';
export { ERROR_CODES, EXIT, errorCode, type Code, type ErrorCode } from './errors/codes.ts';
