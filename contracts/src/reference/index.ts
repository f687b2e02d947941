export { breakages } from './compatibility.ts';
export { generatedFiles } from './files.ts';
export { bucketSchemaName, jsonSchemas, schemaName, type JsonSchema } from './json-schemas.ts';
