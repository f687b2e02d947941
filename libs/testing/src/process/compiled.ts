import { fileURLToPath } from 'node:url';

/**
 * Path of the compiled form of a module beside a spec: `compiled('./worker.ts', import.meta.url)`. Specs run from `src`; a child process needs `dist`,
 * because Node does not compile decorators.
 */
export function compiled(module: string, besides: string): string {
  const source = fileURLToPath(new URL(module, besides));
  return source.replace('/test/src/', '/test/dist/').replace(/\.ts$/, '.js');
}
