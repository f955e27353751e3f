/** The samples of the last minutes, and what follows from two of them. */

const KEPT = 900;

export class Samples {
  constructor() {
    this.all = [];
  }

  /** False if it is one that was there before, as after a lost connection. */
  add(sample) {
    sample.seconds = Date.parse(sample.at) / 1000;
    const last = this.last();
    if (last && sample.seconds <= last.seconds) return false;
    this.all.push(sample);
    if (this.all.length > KEPT) this.all.shift();
    return true;
  }

  last() {
    return this.all[this.all.length - 1];
  }

  /** Those of the last so many seconds, and the one before them. */
  recent(seconds) {
    const last = this.last();
    if (!last) return [];
    const from = this.all.findIndex((sample) => sample.seconds > last.seconds - seconds);
    return this.all.slice(Math.max(0, from - 1));
  }
}

export const pool = (sample, name) => sample.pools.find((one) => one.name === name);

/** How much a counter grew in each second; null at the start and where it began anew. */
export function perSecond(samples, counter) {
  return samples.map((sample, i) => {
    if (i === 0) return null;
    const grown = counter(sample) - counter(samples[i - 1]);
    const seconds = sample.seconds - samples[i - 1].seconds;
    return grown >= 0 && seconds > 0 && seconds < 30 ? grown / seconds : null;
  });
}

/** How much a counter grew from the first to the last, whatever restarts lie between. */
export function grown(samples, counter) {
  let sum = 0;
  for (let i = 1; i < samples.length; i++) {
    const now = counter(samples[i]);
    const before = counter(samples[i - 1]);
    sum += now >= before ? now - before : now;
  }
  return sum;
}
