#!/usr/bin/env bash
# Writes the review in every format that the action has an output for. The exit code of the review is an output, too: a later step
# fails with it, after the results have been uploaded.
set -euo pipefail

folder=$RUNNER_TEMP/spec-first-review
rm -rf "$folder"
mkdir "$folder"
errors=$(mktemp "$RUNNER_TEMP/errors.XXXXXX")
annotations=$(mktemp "$RUNNER_TEMP/annotations.XXXXXX")

# Reports why there is no verdict, in an annotation and a comment. The comment replaces the one of an earlier review.
fail() {
    local reason escaped
    reason=$(head -c 8000 <<<"$1")
    escaped=${reason//'%'/'%25'}
    escaped=${escaped//$'\r'/'%0D'}
    echo "::error title=The review failed to run::${escaped//$'\n'/'%0A'}"
    {
        printf '<!-- spec-first-review -->\n## The review failed to run\n\n'
        # Indented, so that none of it is Markdown.
        tr '\r' ' ' <<<"$reason" | sed 's/^/    /'
    } >"$folder/comment.md"
    cat "$folder/comment.md" >>"$GITHUB_STEP_SUMMARY"
    {
        echo "folder=$folder"
        echo "comment=$folder/comment.md"
        echo "code=2"
    } >>"$GITHUB_OUTPUT"
    exit 0
}

if [ -z "$BASE" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
    head=$(git rev-parse HEAD 2>&1) || fail "git cannot read the repository: $head"
    if [ "$head" != "$GITHUB_SHA" ]; then
        BASE=$(git merge-base "origin/$GITHUB_BASE_REF" HEAD) ||
            fail "\`HEAD\` and \`origin/$GITHUB_BASE_REF\` have no merge base; check out with \`fetch-depth: 0\`"
    elif [ "$GITHUB_EVENT_NAME" = pull_request ] && git rev-parse --quiet --verify 'HEAD^2' >/dev/null; then
        # For a pull request, GitHub checks out its merge. The first parent is the head of the target branch.
        BASE=HEAD^1
    else
        fail "the merge commit of the pull request and its parents are not checked out; run on \`pull_request\`, and check out with \`fetch-depth: 2\`"
    fi
fi
if [ -n "$DOCUMENT" ] && [ -z "$BASE" ]; then
    fail "outside of a pull request, \`document\` needs a \`base\`"
fi
set -- ${BASE:+"$BASE"} ${DOCUMENT:+"$DOCUMENT"}

# From here on, the log contains text from the pull request, which GitHub must not take for workflow commands.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"

# Calls the command, and fails unless its exit code is a verdict, 0 or 1.
review() {
    code=0
    # The command may include arguments.
    # shellcheck disable=SC2086
    $COMMAND "$@" 2>"$errors" || code=$?
    cat "$errors" >&2
    if [ "$code" -gt 1 ]; then
        echo "::$token::"
        # Leave out what a build may have printed.
        reason=$(sed -n '/^error/,$p' "$errors")
        fail "${reason:-$(tail -n 20 "$errors")}"
    fi
}

review --fail-on none --format json --output "$folder/review.json" -- "$@"
review --fail-on none --format sarif --output "$folder/review.sarif" -- "$@"
review --fail-on none --format markdown --output "$folder/comment.md" -- "$@"
review ${FAIL_ON:+--fail-on "$FAIL_ON"} --format github --output "$annotations" -- "$@"
grep -vE '^::(error|warning|notice) ' "$annotations" || true
echo "::$token::"
grep -E '^::(error|warning|notice) ' "$annotations" || true

cat "$folder/comment.md" >>"$GITHUB_STEP_SUMMARY"
{
    sed -n 's/^  "verdict": "\(.*\)",*$/verdict=\1/p' "$folder/review.json"
    echo "folder=$folder"
    echo "sarif=$folder/review.sarif"
    echo "comment=$folder/comment.md"
    echo "code=$code"
} >>"$GITHUB_OUTPUT"
