/**
 * The scripts with which the shells run `hangarbay __complete` at every Tab. The candidates come from the program, so
 * an upgrade needs no new scripts.
 */
export const completionScripts = {
  bash: `# bash completion for hangarbay; load it with: source <(hangarbay completion bash)
_hangarbay() {
  # The bash of macOS has neither mapfile nor compopt.
  local -a lines=()
  local line
  while IFS= read -r line; do lines+=("$line"); done < <(
    hangarbay __complete bash -- "\${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null
  )
  if [[ \${lines[0]-} == :files ]]; then
    lines=()
    compopt -o default 2>/dev/null ||
      while IFS= read -r line; do lines+=("$line"); done < <(compgen -f -- "$2")
  fi
  COMPREPLY=("\${lines[@]}")
}
complete -F _hangarbay hangarbay
`,
  zsh: `#compdef hangarbay
# zsh completion for hangarbay; keep it as _hangarbay in a folder of $fpath, or: source <(hangarbay completion zsh)
_hangarbay() {
  local -a values shown
  local line
  for line in "\${(@f)$(hangarbay __complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      _files
      return
    fi
    [[ -n $line ]] || continue
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  compadd -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' -l -d shown -a values
}
if [[ $funcstack[1] == _hangarbay ]]; then
  _hangarbay "$@"
else
  compdef _hangarbay hangarbay
fi
`,
  fish: `# fish completion for hangarbay; keep it as ~/.config/fish/completions/hangarbay.fish
function __hangarbay_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (hangarbay __complete fish -- $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = :files
        __fish_complete_path "$current"
    else
        string join \\n -- $lines
    end
end
complete -c hangarbay -f -a '(__hangarbay_complete)'
`,
} as const;

export type Shell = keyof typeof completionScripts;
