import { z } from 'zod';

/** The type inside defaults, optionals and nullables. */
export function bareType(type: z.ZodType): z.ZodType {
  const wraps =
    type instanceof z.ZodDefault ||
    type instanceof z.ZodOptional ||
    type instanceof z.ZodExactOptional ||
    type instanceof z.ZodNullable;
  return wraps ? bareType(type.unwrap() as z.ZodType) : type;
}
