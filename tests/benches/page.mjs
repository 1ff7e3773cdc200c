// The speed of the built page in Chromium.
//
//     node page.mjs <folder of the site> <program of the browser>
//
// playwright-core is looked up from the current folder. The last line of the
// output is a JSON object: milliseconds by job, and kilobytes of the page's code.

import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

import { read, serve } from './host.mjs';
import { markSteps, tracing } from './main_thread.mjs';

const { chromium } = createRequire(join(process.cwd(), 'here.js'))('playwright-core');

const CODE = ['.css', '.html', '.js', '.wasm'];
const PART = /\/(split|chunk)_\w+-[0-9a-f]{16}\.wasm$/;

const EDITS = 200;
const STEPS = 50;
const LOADS = 5;
const RERUNS = 15;
const REGROUPS = 21;
// Longer than any pause between the parts of a start.
const QUIET = 700;
const LARGE = 300_000;
const LARGE_STEPS = 30;
const DATA = '/data/telco-customer-churn.csv';
const VIEWPORT = { width: 1440, height: 900 };

// Page, styles and program; the worker that trains is loaded only without a
// model. What is loaded for the first page, and with the parts for the others.
function codeSizes(site) {
    const size = files => files.reduce((sum, [, file]) => sum + file.compressed.length, 0) / 1000;
    const all = [...site]
        .filter(([name]) => CODE.includes(extname(name)) && !name.startsWith('/worker'));
    return {
        code: size(all.filter(([name]) => !PART.test(name))),
        all_code: size(all),
    };
}

function quantile(numbers, share) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return sorted[Math.ceil(share * sorted.length) - 1];
}

const median = numbers => quantile(numbers, 0.5);

function summary(job, steps) {
    const figures = ['time', 'work'].flatMap(part => {
        const all = steps.map(step => step[part]);
        return [[`${job}_${part}`, quantile(all, 0.95)], [`${job}_${part}_median`, median(all)]];
    });
    return Object.fromEntries(figures);
}

// The site with its customers repeated, each time with other ids.
function repeated(site, rows) {
    const [head, ...lines] = site.get(DATA).plain.toString().trimEnd().split('\n');
    const copies = Array.from({ length: rows }, (_, row) => {
        const copy = Math.floor(row / lines.length);
        return lines[row % lines.length].replace(',', `-${copy},`);
    });
    const plain = Buffer.from([head, ...copies].join('\n') + '\n');
    return new Map([...site, [DATA, { plain }]]);
}

async function open(browser, script, fragment = '', address = own) {
    return openIn(await browser.newContext({ viewport: VIEWPORT }), script, fragment, address);
}

async function openIn(context, script, fragment = '', address = own) {
    const page = await context.newPage();
    page.on('pageerror', error => { throw error; });
    await page.addInitScript(script);
    await page.goto(address + fragment);
    const timeout = 120_000;
    const failure = '.message[role=alert], .message [role=alert]';
    const ready = `tr[data-place], .customer, .model-page, .data-page, ${failure}`;
    await page.waitForSelector(ready, { timeout });
    const alert = page.locator(failure);
    if (await alert.count()) {
        throw new Error(await alert.textContent());
    }
    return page;
}

// In the page: says when the first row of the table is painted, and when the last
// task ended that would keep an input waiting.
function watchTable() {
    window.busyUntil = 0;
    new PerformanceObserver(list => {
        const ends = list.getEntries().map(task => task.startTime + task.duration);
        window.busyUntil = Math.max(window.busyUntil, ...ends);
    }).observe({ type: 'longtask', buffered: true });
    const look = () => {
        if (!document.querySelector('tr[data-place]')) {
            requestAnimationFrame(look);
            return;
        }
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { window.painted = performance.now(); };
        requestAnimationFrame(() => port2.postMessage(null));
    };
    requestAnimationFrame(look);
}

// Milliseconds from a load to the painted table, and until the page answers at
// once: the end of its last long task.
async function load(context) {
    const page = await openIn(context, watchTable);
    await page.waitForFunction(() => window.painted);
    await page.waitForTimeout(QUIET);
    const times = await page.evaluate(() => ({
        painted: window.painted,
        interactive: Math.max(window.painted, window.busyUntil),
    }));
    return { page, times };
}

async function loading(browser) {
    const cold = [];
    const warm = [];
    for (let round = 0; round < LOADS; round += 1) {
        const context = await browser.newContext({ viewport: VIEWPORT });
        const first = await load(context);
        cold.push(first.times);
        // By then the service worker keeps the page.
        await first.page.waitForFunction(() => navigator.serviceWorker.controller);
        await first.page.close();
        const again = await load(context);
        warm.push(again.times);
        await context.close();
    }
    return { cold, warm };
}

// From everyone to a cohort and back, on a page: all of its charts are drawn
// anew.
async function regrouping(browser, fragment) {
    const page = await open(browser, markSteps, '#/customers?q=tenure<6');
    await page.locator('.cohort').click();
    await page.locator('#cohorts .name input').fill('New');
    await page.locator('#cohorts .name button').click();
    await page.evaluate(fragment => { location.hash = fragment; }, fragment);
    await page.waitForTimeout(1000);
    if (!await page.locator('#cohorts:popover-open').count()) {
        await page.locator('.cohort').click();
    }
    const drawn = () => page.locator('main .chart').first().innerHTML();
    const before = await drawn();
    const steps = await tracing(browser, page, REGROUPS, async step => {
        await page.locator('#cohorts .choice').nth(step % 2).focus();
        await page.keyboard.press('Enter');
    });
    // Before it was the cohort, and the last step is to everyone.
    if (await drawn() === before) {
        throw new Error('another cohort had no effect');
    }
    await page.context().close();
    return steps;
}

async function explaining(browser) {
    const page = await open(browser, markSteps);
    const proof = page.locator('button.proof');
    const times = [];
    for (let run = 0; run < RERUNS; run += 1) {
        await proof.click();
        await page.waitForTimeout(50);
        times.push(Number(/([\d.,]+)\sms/.exec(await proof.textContent())[1]));
    }
    await page.context().close();
    return times;
}

async function centre(locator) {
    const box = await locator.boundingBox();
    if (box.y + box.height > VIEWPORT.height) {
        throw new Error(`not in sight: ${await locator.textContent()}`);
    }
    return [box.x + box.width / 2, box.y + box.height / 2];
}

async function clickAt(page, [x, y]) {
    await page.mouse.move(x, y);
    await page.waitForTimeout(30);
    await page.mouse.down();
    await page.mouse.up();
}

async function editing(browser) {
    const page = await open(browser, markSteps, '#/customer/5150-ITWWB');
    const button = (feature, level) =>
        page.locator(`fieldset:has(legend:text-is("${feature}")) label`, { hasText: level });
    const edits = [
        ['Contract', 'One year'],
        ['Payment method', 'Mailed check'],
        ['Internet service', 'DSL'],
        ['Contract', 'Two year'],
        ['Internet service', 'Fiber optic'],
        ['Payment method', 'Electronic check'],
    ];
    const places = await Promise.all(edits.map(edit => centre(button(...edit).first())));
    const act = step => clickAt(page, places[step % places.length]);
    const times = await tracing(browser, page, EDITS, act);
    if (!/pts/.test(await page.locator('.change').textContent())) {
        throw new Error('the edits had no effect');
    }
    await page.context().close();
    return times;
}

// Bytes that the page holds, once all customers are shown: objects, elements
// and the program's own memory.
async function memory(browser) {
    const page = await open(browser, () => {
        addEventListener('TrunkApplicationStarted', event => { window.program = event.detail.wasm; });
    }, '#/customers?who=everyone');
    await page.waitForTimeout(500);
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const heap = await session.send('Runtime.getHeapUsage');
    const program = await page.evaluate(() => window.program.memory.buffer.byteLength);
    await page.context().close();
    return heap.usedSize + heap.embedderHeapUsedSize + heap.backingStorageSize + program;
}

async function listing(browser, address, steps) {
    const page = await open(browser, markSteps, '#/customers?who=everyone', address);
    const scroll = await tracing(browser, page, steps, async step => {
        await page.mouse.move(700, 500 + (step % 2));
        await page.waitForTimeout(30);
        await page.mouse.wheel(0, 160);
    });
    const heads = page.locator('thead th > button:first-child');
    const places = await Promise.all([0, 1, 2, 3, 4, 5].map(column => centre(heads.nth(column))));
    const sort = await tracing(browser, page, steps, step => clickAt(page, places[step % 6]));
    await page.locator('input[type=search]').click();
    const search = await tracing(browser, page, steps, step =>
        page.keyboard.press(step % 6 < 3 ? 'dsl'[step % 6] : 'Backspace'));
    await page.context().close();
    return { scroll, sort, search };
}

// A threshold step by the keyboard: everything follows, as it does in a drag.
// The last steps are not taken back.
async function deciding(browser, fragment) {
    const page = await open(browser, markSteps, fragment);
    await page.waitForTimeout(500);
    await page.locator('.rule-slider input').focus();
    const before = await page.locator('.flagged-count').textContent();
    const steps = await tracing(browser, page, STEPS, step =>
        page.keyboard.press(step % 20 < 10 ? 'ArrowLeft' : 'ArrowRight'));
    if (await page.locator('.flagged-count').textContent() === before) {
        throw new Error('the steps had no effect');
    }
    await page.context().close();
    return steps;
}

const [folder, program] = process.argv.slice(2);
const site = read(folder);
const server = await serve(site);
const addressOf = server => `http://127.0.0.1:${server.address().port}/`;
const own = addressOf(server);
const largeServer = await serve(repeated(site, LARGE));
const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
    const { cold, warm } = await loading(browser);
    const explain = await explaining(browser);
    const edit = await editing(browser);
    const heap = await memory(browser);
    const { scroll, sort, search } = await listing(browser, own, STEPS);
    const decide = await deciding(browser, '');
    const judge = await deciding(browser, '#/model?cost=40&value=350&saved=30');
    const data = await regrouping(browser, '#/data');
    const model = await regrouping(browser, '#/model?cost=40&value=350&saved=30');
    const large = await listing(browser, addressOf(largeServer), LARGE_STEPS);
    console.log(JSON.stringify({
        load: median(cold.map(times => times.painted)),
        cold: median(cold.map(times => times.interactive)),
        warm: median(warm.map(times => times.interactive)),
        explain: median(explain),
        ...summary('edit', edit),
        ...summary('scroll', scroll),
        ...summary('sort', sort),
        ...summary('search', search),
        ...summary('decide', decide),
        ...summary('judge', judge),
        ...summary('data', data),
        ...summary('model', model),
        ...summary('large_scroll', large.scroll),
        ...summary('large_sort', large.sort),
        ...summary('large_search', large.search),
        heap: heap / 1e6,
        ...codeSizes(site),
    }));
} finally {
    await browser.close();
    server.close();
    largeServer.close();
}
