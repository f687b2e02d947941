/**
 * Completion for bash. Ours, because the library's needs the bash-completion package, evaluates what stands on the line, and cannot be loaded twice.
 * Words are passed on as they are; nothing that was typed or offered is ever expanded.
 */
export function bashScript(name: string, command: readonly [string, string]): string {
  return `# bash completion for ${name}
_${name}_complete() {
    local line=\${COMP_LINE:0:COMP_POINT} current out value
    local -a words
    read -ra words <<<"$line"
    case $line in *[[:space:]]) words+=('') ;; esac
    current=\${words[\${#words[@]}-1]}
    current=\${current##*[=:]}
    out=$(${quoted(command[0])} ${quoted(command[1])} complete -- "\${words[@]:1}" 2>/dev/null) || return
    COMPREPLY=()
    if [ "\${out##*:}" = 0 ]; then
        compopt -o default 2>/dev/null
        return
    fi
    while IFS= read -r value; do
        value=\${value%%$'\\t'*}
        case $value in :*) continue ;; "$current"*) COMPREPLY+=("$value") ;; esac
    done <<<"$out"
}
complete -F _${name}_complete ${name}
`;
}

/** A word that the shell takes literally. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
