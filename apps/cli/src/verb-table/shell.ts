import type { VerbSpec } from './spec.ts';

/** Verbs about the command line itself. */
export const SHELL_VERBS: readonly VerbSpec[] = [
  {
    name: 'completion',
    summary: 'print a completion script for your shell',
    args: [{ name: 'SHELL', doc: 'your shell', required: true, choices: ['bash', 'zsh', 'fish', 'powershell'] }],
    examples: [
      { line: 'completion bash > ~/.local/share/bash-completion/completions/seatrial', does: 'for every new bash' },
      { line: 'completion fish | source', does: 'for this fish' },
    ],
    role: 'none',
    load: async () => (await import('../completion/verb.ts')).completion,
  },
  {
    name: 'help',
    summary: 'help for a verb, or the exit codes',
    args: [{ name: 'TOPIC', doc: 'a verb, or exit-codes', variadic: true, completes: 'topic' }],
    examples: [
      { line: 'help get', does: 'flags of a verb' },
      { line: 'help exit-codes', does: 'what scripts can rely on' },
    ],
    role: 'none',
    load: async () => (await import('../help/verb.ts')).help,
  },
];
