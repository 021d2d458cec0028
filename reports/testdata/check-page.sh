#!/bin/sh
# Shows an HTML copy in a headless browser 390 pixels wide, a phone held upright, and fails if a reader would have to scroll it sideways.
# Tables may scroll inside their own frames; the page itself may not.
# usage: check-page.sh BROWSER PAGE.html
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A browser window has a least width, a frame has none. The page is put into the frame by value: two files are strangers to one another.
{
	printf '<!doctype html><meta charset="utf-8"><body><script type="text/plain" id="page">'
	base64 -w 0 "$2"
	cat <<'END'
</script><script>
const frame = document.createElement("iframe");
frame.style.cssText = "width:390px;height:844px;border:0";
frame.srcdoc = new TextDecoder().decode(Uint8Array.from(atob(document.getElementById("page").textContent), c => c.charCodeAt(0)));
frame.onload = () => {
	const page = frame.contentDocument, root = page.documentElement;
	const out = "inner=" + frame.contentWindow.innerWidth + " scroll=" + Math.max(root.scrollWidth, page.body.scrollWidth) + " tables=" + page.querySelectorAll("table").length;
	document.body.textContent = "MEASURED " + out;
};
document.body.append(frame);
</script>
END
} >"$work/frame.html"
said=$("$1" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --virtual-time-budget=10000 --dump-dom "file://$work/frame.html" 2>"$work/log" | grep -o 'MEASURED inner=[0-9]* scroll=[0-9]* tables=[0-9]*') || {
	echo "$2: the browser said nothing" >&2
	tail -n 3 "$work/log" >&2
	exit 1
}
echo "$2: $said"
inner=$(echo "$said" | sed 's/.*inner=\([0-9]*\).*/\1/')
wide=$(echo "$said" | sed 's/.*scroll=\([0-9]*\).*/\1/')
tables=$(echo "$said" | sed 's/.*tables=\([0-9]*\).*/\1/')
[ "$inner" -eq 390 ] && [ "$tables" -gt 5 ] || { echo "$2: not shown whole: $said" >&2; exit 1; }
[ "$wide" -le 390 ] || { echo "$2: $wide pixels wide on a screen of 390" >&2; exit 1; }
