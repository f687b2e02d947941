/** One line of `/proc/<pid>/mountinfo`; octal escapes are decoded. Source: proc_pid_mountinfo(5). */
export interface MountEntry {
  /** `major:minor` of the file system. */
  readonly device: string;
  /** Path inside the mounted file system that is the root of this mount. */
  readonly root: string;
  /** Mount point, seen from the process. */
  readonly mountPoint: string;
  /** Per-mount options, e.g. `ro`, `nosuid`. */
  readonly options: readonly string[];
  /** Optional fields, e.g. `shared:2`, `master:1`. */
  readonly optional: readonly string[];
  readonly fsType: string;
  readonly source: string;
  /** Options of the file system itself, e.g. the controllers of a cgroup v1 mount. */
  readonly superOptions: readonly string[];
}

/**
 * Reads a whole mount table; undefined when a line is not a mount or there are more than `limit`: half a table would pass for a table without the rest.
 */
export function parseMountInfo(text: string, limit = 10_000): MountEntry[] | undefined {
  const entries: MountEntry[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry = parseLine(line);
    if (entry === undefined || entries.length === limit) return undefined;
    entries.push(entry);
  }
  return entries;
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`: any number of optional fields, ended by a dash. */
function parseLine(line: string): MountEntry | undefined {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [, , device, root, mountPoint, options] = fields;
  const [fsType, source = '', superOptions = ''] = dash < 0 ? [] : fields.slice(dash + 1);
  if (
    device === undefined ||
    root === undefined ||
    mountPoint === undefined ||
    options === undefined ||
    fsType === undefined
  )
    return undefined;
  return {
    device,
    root: decodeOctal(root),
    mountPoint: decodeOctal(mountPoint),
    options: options.split(','),
    optional: fields.slice(6, dash),
    fsType,
    source: decodeOctal(source),
    superOptions: superOptions.split(','),
  };
}

/** The kernel writes space, tab, newline and backslash as a backslash with three octal digits; each stands for one byte of UTF-8. */
function decodeOctal(field: string): string {
  if (!field.includes('\\')) return field;
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
