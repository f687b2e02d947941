import { mapFact, type Fact } from './fact.ts';
import type { Section } from './section.ts';

/** `Config.User`, read. */
export interface DeclaredUser {
  readonly text: string;
  /** No user, `0` and `root` are root; another name is taken for somebody else. */
  readonly root: boolean;
  /** Group after the colon, name or number. */
  readonly group?: string;
}

export function declaredUser(config: Section): Fact<DeclaredUser> {
  return mapFact(config.text('User'), (text) => {
    const [user = '', group] = text.split(':', 2);
    const name = user.trim();
    const root = name === '' || name === 'root' || /^0+$/.test(name);
    return { text, root, ...(group === undefined || group === '' ? {} : { group }) };
  });
}
