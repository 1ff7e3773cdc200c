// What a page's main thread does after an input, from a DevTools trace.

// Events of a trace that are script, style, layout or paint.
const CATEGORIES = [
    '__metadata',
    'blink.user_timing',
    'devtools.timeline',
    'disabled-by-default-devtools.timeline',
];
const WORK = new Set([
    'EventDispatch', 'FunctionCall', 'EvaluateScript', 'TimerFire', 'FireAnimationFrame',
    'RunMicrotasks', 'MinorGC', 'MajorGC',
    'UpdateLayoutTree', 'Layout', 'PrePaint', 'HitTest',
    'Paint', 'UpdateLayer', 'Layerize', 'Commit',
]);

// Between steps. The page writes them into its address once they have rested for
// longer than that; it is no part of an answer, and not counted.
const REST = 320;

// In the page: marks in the trace where a step begins, and where the pointer is
// only on its way.
export function markSteps() {
    const mark = name => () => performance.mark(name);
    for (const type of ['pointerdown', 'keydown', 'wheel']) {
        addEventListener(type, mark('step'), { capture: true, passive: true });
    }
    addEventListener('pointermove', mark('rest'), { capture: true, passive: true });
}

// Milliseconds that the page's main thread spends on script, style, layout and
// paint from one input on. `work` is the thread's own time; `time` also has its
// waits for a busy machine in it.
export async function tracing(browser, page, steps, act) {
    await page.mouse.move(700, 5);
    await page.waitForTimeout(500);
    await browser.startTracing(page, { categories: CATEGORIES });
    for (let step = 0; step < steps; step += 1) {
        await act(step);
        await page.waitForTimeout(REST);
    }
    const { traceEvents } = JSON.parse(await browser.stopTracing());
    const marks = traceEvents
        .filter(event => event.cat === 'blink.user_timing' && /^(step|rest)$/.test(event.name))
        .sort((a, b) => a.ts - b.ts);
    const [{ pid, tid }] = marks;
    const ends = event => event.ts + event.dur;
    const onThread = traceEvents
        .filter(event => event.pid === pid && event.tid === tid && event.ph === 'X')
        .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
    const tasks = onThread.filter(event => event.name === 'RunTask');
    // What is part of other work is counted with that.
    let until = 0;
    const work = onThread.filter(event => {
        const outermost = WORK.has(event.name) && event.ts >= until;
        until = outermost ? ends(event) : until;
        return outermost;
    });
    // The task that handles an input begins before the mark that it makes.
    const start = mark =>
        tasks.find(task => task.ts <= mark.ts && mark.ts <= ends(task))?.ts ?? mark.ts;
    const times = marks.flatMap((mark, place) => {
        if (mark.name !== 'step') {
            return [];
        }
        const next = marks[place + 1];
        const [from, to] = [start(mark), next ? start(next) : Infinity];
        const own = work.filter(event => from <= event.ts && event.ts < to);
        const sum = part => own.reduce((sum, event) => sum + (event[part] ?? event.dur), 0) / 1000;
        return [{ time: sum('dur'), work: sum('tdur') }];
    });
    if (times.length !== steps) {
        throw new Error(`${steps} steps, but the trace shows ${times.length}`);
    }
    return times;
}

// The longest task of the page's main thread over some seconds, and how many
// milliseconds of each second its tasks take on average.
export async function watching(browser, page, seconds) {
    await browser.startTracing(page, { categories: CATEGORIES });
    await page.evaluate(() => performance.mark('step'));
    await page.waitForTimeout(seconds * 1000);
    const { traceEvents } = JSON.parse(await browser.stopTracing());
    const { pid, tid, ts } = traceEvents.find(event =>
        event.cat === 'blink.user_timing' && event.name === 'step');
    const tasks = traceEvents.filter(event => event.name === 'RunTask'
        && event.pid === pid && event.tid === tid && event.ts > ts);
    const most = part => tasks.reduce((most, task) => Math.max(most, task[part] ?? task.dur), 0);
    const all = tasks.reduce((sum, task) => sum + (task.tdur ?? task.dur), 0);
    return {
        longest: { time: most('dur') / 1000, work: most('tdur') / 1000 },
        second: all / 1000 / seconds,
    };
}
