// Keeps the page for use without a network.
//
// The build fills in the two lines below: the name of the release, and its files
// with their hashes. What has a hash in its name never changes and comes from the
// cache. All else comes from the network while there is one: so a new release is
// seen, and new data or another model, which have no hash at all. What is no file
// of the page, as a server's API, passes by.

const RELEASE = '';
const FILES = {};
const NEVER_CHANGES = /-[0-9a-f]{13,16}[._]/;

// Another explorer may be on the same host, below another path.
const OURS = `${registration.scope} `;

const open = () => caches.open(OURS + RELEASE);

addEventListener('install', event => event.waitUntil(install()));
addEventListener('activate', event => event.waitUntil(activate()));

addEventListener('fetch', event => {
    const { method, url } = event.request;
    const path = url.slice(registration.scope.length).split(/[?#]/)[0] || './';
    if (method === 'GET' && url.startsWith(registration.scope) && Object.hasOwn(FILES, path)) {
        event.respondWith(NEVER_CHANGES.test(path) ? kept(path, event) : fresh(path, event));
    }
});

// Takes all files of the release, or none: a hash that does not fit is an error.
async function install() {
    const cache = await open();
    await Promise.all(Object.entries(FILES).map(async ([path, integrity]) => {
        const mode = NEVER_CHANGES.test(path) ? 'default' : 'no-cache';
        const response = await fetch(path, { cache: mode, integrity: integrity ?? '' });
        if (response.ok) {
            await cache.put(path, response);
        } else if (integrity) {
            throw new Error(`${path}: status ${response.status}`);
        }
    }));
    await skipWaiting();
}

async function activate() {
    const others = (await caches.keys())
        .filter(name => name.startsWith(OURS) && name !== OURS + RELEASE);
    await Promise.all(others.map(name => caches.delete(name)));
    await clients.claim();
}

async function find(path) {
    return (await open()).match(path, { ignoreVary: true });
}

async function kept(path, { request }) {
    return await find(path) ?? fetch(request);
}

async function fresh(path, event) {
    const response = await fetch(event.request).catch(() => Response.error());
    // The others are kept as the release has them.
    if (response.ok && !FILES[path]) {
        const copy = response.clone();
        event.waitUntil(open().then(cache => cache.put(path, copy)));
    }
    // There is no network, or the host is down.
    if (response.status === 0 || response.status >= 500) {
        const missing = response.status ? response : new Response(null, { status: 404 });
        return await find(path) ?? missing;
    }
    return response;
}
