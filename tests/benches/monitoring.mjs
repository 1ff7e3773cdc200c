// What the page Monitoring costs while predictions pour in.
//
//     node monitoring.mjs <address of the server> <program of the browser>
//
// As page.mjs.

import { createRequire } from 'node:module';
import { join } from 'node:path';

import { watching } from './main_thread.mjs';

const { chromium } = createRequire(join(process.cwd(), 'here.js'))('playwright-core');

const SECONDS = 20;

const [address, program] = process.argv.slice(2);
const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.on('pageerror', error => { throw error; });
    await page.goto(`${address}#/monitoring`);
    const predictions = () => page.evaluate(() => {
        const rows = [...document.querySelectorAll('#figures tr')];
        const row = rows.find(row => row.cells[0].innerText === 'Predictions');
        return Number(row.cells[1].innerText.replaceAll(',', ''));
    });
    await page.waitForSelector('#recent tr');
    const before = await predictions();
    const { longest, second } = await watching(browser, page, SECONDS);
    const rate = (await predictions() - before) / SECONDS;
    if (rate < 80) {
        throw new Error(`only ${rate} predictions a second came`);
    }
    console.log(JSON.stringify({
        watch_time: longest.time,
        watch_work: longest.work,
        watch_second: second,
    }));
} finally {
    await browser.close();
}
