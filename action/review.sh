#!/usr/bin/env bash
# Reviews in every format that the action has an output for. The exit code of the review is an output too, and judged later.
set -euo pipefail

fail() {
    echo "::error title=The review could not be done::$1"
    exit 2
}

if [ -z "$BASE" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
    if [ "$(git rev-parse HEAD)" != "$GITHUB_SHA" ]; then
        BASE=$(git merge-base "origin/$GITHUB_BASE_REF" HEAD) ||
            fail "\`HEAD\` and \`origin/$GITHUB_BASE_REF\` have no merge base; check out with \`fetch-depth: 0\`"
    elif [ "$GITHUB_EVENT_NAME" = pull_request ] && git rev-parse --quiet --verify 'HEAD^2' >/dev/null; then
        # For a pull request, GitHub checks out its merge, whose first parent is what it would be merged into.
        BASE=HEAD^1
    else
        fail "the merge of the pull request is not here with its parents; run on \`pull_request\`, and check out with \`fetch-depth: 2\`"
    fi
fi
if [ -n "$DOCUMENT" ] && [ -z "$BASE" ]; then
    fail "outside of a pull request, \`document\` needs a \`base\`"
fi
set -- ${BASE:+"$BASE"} ${DOCUMENT:+"$DOCUMENT"}

review() {
    # The command may bring arguments of its own.
    # shellcheck disable=SC2086
    $COMMAND "$@"
}

folder=$RUNNER_TEMP/spec-first-review
rm -rf "$folder"
mkdir "$folder"
review --fail-on none --format json --output "$folder/review.json" -- "$@"
review --fail-on none --format sarif --output "$folder/review.sarif" -- "$@"
review --fail-on none --format markdown --output "$folder/comment.md" -- "$@"
cat "$folder/comment.md" >>"$GITHUB_STEP_SUMMARY"
code=0
review ${FAIL_ON:+--fail-on "$FAIL_ON"} --format github -- "$@" || code=$?
# Only 1 is a verdict.
[ "$code" -le 1 ] || exit "$code"
{
    sed -n 's/^  "verdict": "\(.*\)",*$/verdict=\1/p' "$folder/review.json"
    echo "folder=$folder"
    echo "sarif=$folder/review.sarif"
    echo "comment=$folder/comment.md"
    echo "code=$code"
} >>"$GITHUB_OUTPUT"
