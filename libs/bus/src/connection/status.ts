import type { SeatrialError } from '@seatrial/contracts';

/** State of the connection, or an error that has no call to be thrown from (a refused subscription, a changed key). */
export type BusStatus = 'connected' | 'disconnected' | 'reconnecting' | 'closed' | SeatrialError;
