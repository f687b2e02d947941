import { readFileSync } from 'node:fs';

/** The last thing a service logged, for an error text: its message where the line is a structured one, else the line. */
export function lastLogLine(file: string): string {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return 'no log';
  }
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  return messageOf(line).slice(0, 200) || 'an empty log';
}

function messageOf(line: string): string {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null && 'msg' in record && typeof record.msg === 'string'
      ? record.msg
      : line;
  } catch {
    return line;
  }
}
