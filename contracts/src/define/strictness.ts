import { z } from 'zod';

/**
 * The publisher's form of a schema: unknown keys are errors, at every depth. The schema as written is the consumer's form: unknown keys are
 * stripped, so that a reader of one minor version understands a writer of the next.
 */
export function strictly<S extends z.ZodType>(schema: S): S {
  return rebuild(schema) as S;
}

function rebuild(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(schema.def.shape).map(([key, field]) => [key, rebuild(field as z.ZodType)]),
    );
    return schema.clone({ ...schema.def, shape, catchall: schema.def.catchall ?? z.never() });
  }
  if (schema instanceof z.ZodArray)
    return schema.clone({ ...schema.def, element: rebuild(schema.def.element as z.ZodType) });
  if (schema instanceof z.ZodRecord)
    return schema.clone({ ...schema.def, valueType: rebuild(schema.def.valueType as z.ZodType) });
  if (schema instanceof z.ZodTuple)
    return schema.clone({ ...schema.def, items: schema.def.items.map((item) => rebuild(item as z.ZodType)) });
  if (schema instanceof z.ZodUnion)
    return schema.clone({ ...schema.def, options: schema.def.options.map((option) => rebuild(option as z.ZodType)) });
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return (schema as z.ZodNullable).clone({
      ...schema.def,
      innerType: rebuild(schema.def.innerType as z.ZodType),
    } as z.ZodNullable['def']);
  }
  return schema;
}
