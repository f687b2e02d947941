/** Lines of a shell script of the demo: answers one HTTP request on its standard streams (started by nc). */
const answer = (body: string): string => `#!/bin/sh
# Reads the head of one request, then answers it.
while read -r line && [ "\${#line}" -gt 1 ]; do :; done
body=$(${body})
printf 'HTTP/1.0 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "\${#body}" "$body"
`;

/** Files of the demo's image besides busybox. Small and real: a shop whose pages pass through all four services. */
export const DEMO_FILES: Readonly<Record<string, string>> = {
  'www/catalogue.txt': 'lantern 12\nrope 7\ncompass 31\nchart 9\n',
  // The cache is busybox httpd on /www; the others ask the next one for each request.
  'app/api.sh': answer('wget -q -O - http://shop-cache:8080/catalogue.txt || echo "cache: no answer"'),
  'app/web.sh': answer('echo "Ship chandler"; wget -q -O - http://shop-api:8080/ || echo "api: no answer"'),
  'app/worker.sh': `#!/bin/sh
# Orders something every second, and counts the processes it can see.
while :; do
  if wget -q -O /tmp/page http://shop-web:8080/; then md5sum /tmp/page >/tmp/order; fi
  set -- /proc/[0-9]*
  echo "$#" >/tmp/visible
  sleep 1
done
`,
};
