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

const EDITS = 200;
const STEPS = 50;
const LOADS = 5;
const RERUNS = 15;
const VIEWPORT = { width: 1440, height: 900 };

// Page, styles and program; the worker that trains is loaded only without a
// model.
function codeSize(site) {
    return [...site]
        .filter(([name]) => CODE.includes(extname(name)) && !name.startsWith('/worker'))
        .reduce((sum, [, file]) => sum + file.compressed.length, 0) / 1000;
}

function quantile(numbers, share) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return sorted[Math.ceil(share * sorted.length) - 1];
}

const median = numbers => quantile(numbers, 0.5);

function summary(job, steps) {
    const slow = part => quantile(steps.map(step => step[part]), 0.95);
    return { [`${job}_time`]: slow('time'), [`${job}_work`]: slow('work') };
}

async function open(browser, script, fragment = '') {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    page.on('pageerror', error => { throw error; });
    await page.addInitScript(script);
    await page.goto(address + fragment);
    await page.waitForSelector('tr[data-place], .customer, .model-page, [role=alert]');
    const alert = page.locator('[role=alert]');
    if (await alert.count()) {
        throw new Error(await alert.textContent());
    }
    return page;
}

// In the page: says when the first row of the table is painted.
function watchTable() {
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

async function loading(browser) {
    const times = [];
    for (let load = 0; load < LOADS; load += 1) {
        const page = await open(browser, watchTable);
        await page.waitForFunction(() => window.painted);
        times.push(await page.evaluate(() => window.painted));
        await page.context().close();
    }
    return times;
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

async function listing(browser) {
    const page = await open(browser, markSteps, '#/customers?who=everyone');
    const scroll = await tracing(browser, page, STEPS, async step => {
        await page.mouse.move(700, 500 + (step % 2));
        await page.waitForTimeout(30);
        await page.mouse.wheel(0, 160);
    });
    const heads = page.locator('thead button');
    const places = await Promise.all([0, 1, 2, 3, 4, 5].map(column => centre(heads.nth(column))));
    const sort = await tracing(browser, page, STEPS, step => clickAt(page, places[step % 6]));
    await page.locator('input[type=search]').click();
    const search = await tracing(browser, page, STEPS, step =>
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
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
    const load = await loading(browser);
    const explain = await explaining(browser);
    const edit = await editing(browser);
    const { scroll, sort, search } = await listing(browser);
    const decide = await deciding(browser, '');
    const judge = await deciding(browser, '#/model?cost=40&value=350&saved=30');
    console.log(JSON.stringify({
        load: median(load),
        explain: median(explain),
        ...summary('edit', edit),
        ...summary('scroll', scroll),
        ...summary('sort', sort),
        ...summary('search', search),
        ...summary('decide', decide),
        ...summary('judge', judge),
        code: codeSize(site),
    }));
} finally {
    await browser.close();
    server.close();
}
