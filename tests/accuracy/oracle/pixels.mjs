// Turns PNG pictures of a page into brightness, and tells in how many columns of a box two pictures differ.
// Knows nothing of pages.
import { inflateSync } from "node:zlib";

const SIGNATURE = "89504e470d0a1a0a";

// Eight-bit colour pictures without interlacing, as browsers take them.
export function decode(bytes) {
  if (bytes.subarray(0, 8).toString("hex") !== SIGNATURE) throw new Error("no PNG");
  let [at, head] = [8, null];
  const parts = [];
  while (at < bytes.length) {
    const size = bytes.readUInt32BE(at);
    const kind = bytes.toString("latin1", at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + size);
    if (kind === "IHDR") head = { width: data.readUInt32BE(0), height: data.readUInt32BE(4), depth: data[8], colour: data[9], laced: data[12] };
    if (kind === "IDAT") parts.push(data);
    at += size + 12;
  }
  const channels = { 2: 3, 6: 4 }[head.colour];
  if (!channels || head.depth !== 8 || head.laced) throw new Error("a PNG of another kind");
  return unfilter(inflateSync(Buffer.concat(parts)), head.width, head.height, channels);
}

function unfilter(raw, width, height, channels) {
  const line = width * channels;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    for (let x = 0; x < line; x++) {
      const value = raw[y * (line + 1) + 1 + x];
      const left = x >= channels ? out[y * line + x - channels] : 0;
      const up = y > 0 ? out[(y - 1) * line + x] : 0;
      const corner = x >= channels && y > 0 ? out[(y - 1) * line + x - channels] : 0;
      out[y * line + x] = value + predicted(filter, left, up, corner);
    }
  }
  return { width, height, channels, data: out };
}

function predicted(filter, left, up, corner) {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const base = left + up - corner;
  const [a, b, c] = [Math.abs(base - left), Math.abs(base - up), Math.abs(base - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

// What a person needs at least to tell ink from its ground, in 255 steps; an eye takes green for brightest.
const LEAST = 8;
const WEIGHTS = [0.3, 0.59, 0.11];

// The share of a box's columns (of two pixels) in which the pictures differ.
export function differing(a, b, box) {
  const [left, top] = [Math.max(0, Math.floor(box.x)), Math.max(0, Math.floor(box.y))];
  const [right, bottom] = [Math.min(a.width, b.width, Math.ceil(box.x + box.width)), Math.min(a.height, b.height, Math.ceil(box.y + box.height))];
  if (right - left < 4 || bottom - top < 4) return 0;
  const columns = Math.ceil((right - left) / 2);
  let touched = 0;
  for (let column = 0; column < columns; column++) {
    if (columnDiffers(a, b, left + column * 2, Math.min(right, left + column * 2 + 2), top, bottom)) touched++;
  }
  return touched / columns;
}

function columnDiffers(a, b, from, to, top, bottom) {
  for (let y = top; y < bottom; y++) {
    for (let x = from; x < to; x++) {
      const [i, j] = [(y * a.width + x) * a.channels, (y * b.width + x) * b.channels];
      let apart = 0;
      for (let c = 0; c < 3; c++) apart += WEIGHTS[c] * Math.abs(a.data[i + c] - b.data[j + c]);
      if (apart >= LEAST) return true;
    }
  }
  return false;
}
