// A static host as the README advises: brotli at the highest quality, files that
// are named by their hash kept for good, and a process for the page alone.

import { createServer } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const TYPES = {
    '.css': 'text/css',
    '.csv': 'text/csv',
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.json': 'application/json',
    '.md': 'text/markdown',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
    '.wasm': 'application/wasm',
    '.webmanifest': 'application/manifest+json',
};

// The files of a folder in memory, by path.
export function read(folder) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    return new Map(files
        .filter(entry => entry.isFile() && extname(entry.name) !== '.br')
        .map(entry => {
            const path = join(entry.parentPath ?? entry.path, entry.name);
            const plain = readFileSync(path);
            const compressed = brotliCompressSync(plain, {
                params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
            });
            const name = path.slice(folder.length).replaceAll('\\', '/').replace(/^\/*/, '/');
            return [name, { plain, compressed }];
        }));
}

// The hash in the name of a file that never changes.
const HASHED = /-[0-9a-f]{16}(_bg)?\.\w+$/;

// Serves them on a free port; those without a compressed text as they are.
export function serve(site) {
    const server = createServer((request, response) => {
        const { pathname } = new URL(request.url, 'http://localhost');
        const name = pathname === '/' ? '/index.html' : pathname;
        const file = site.get(name);
        if (!file) {
            response.writeHead(404).end();
            return;
        }
        const brotli = file.compressed && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
        response.writeHead(200, {
            'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
            'Cache-Control': HASHED.test(name) ? 'max-age=31536000, immutable' : 'no-cache',
            'Cross-Origin-Opener-Policy': 'same-origin',
            ...(brotli && { 'Content-Encoding': 'br' }),
        });
        response.end(brotli ? file.compressed : file.plain);
    });
    return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)));
}
