// The same small cost in each of forty steps of a pipeline: no step stands out.
const text = 'The quick brown fox jumps over the lazy dog. '.repeat(40);

function step01(input) {
  let sum = 1;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step02(input) {
  let sum = 2;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step03(input) {
  let sum = 3;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step04(input) {
  let sum = 4;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step05(input) {
  let sum = 5;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step06(input) {
  let sum = 6;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step07(input) {
  let sum = 7;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step08(input) {
  let sum = 8;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step09(input) {
  let sum = 9;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step10(input) {
  let sum = 10;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step11(input) {
  let sum = 11;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step12(input) {
  let sum = 12;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step13(input) {
  let sum = 13;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step14(input) {
  let sum = 14;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step15(input) {
  let sum = 15;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step16(input) {
  let sum = 16;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step17(input) {
  let sum = 17;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step18(input) {
  let sum = 18;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step19(input) {
  let sum = 19;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step20(input) {
  let sum = 20;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step21(input) {
  let sum = 21;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step22(input) {
  let sum = 22;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step23(input) {
  let sum = 23;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step24(input) {
  let sum = 24;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step25(input) {
  let sum = 25;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step26(input) {
  let sum = 26;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step27(input) {
  let sum = 27;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step28(input) {
  let sum = 28;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step29(input) {
  let sum = 29;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step30(input) {
  let sum = 30;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step31(input) {
  let sum = 31;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step32(input) {
  let sum = 32;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step33(input) {
  let sum = 33;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step34(input) {
  let sum = 34;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step35(input) {
  let sum = 35;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step36(input) {
  let sum = 36;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step37(input) {
  let sum = 37;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step38(input) {
  let sum = 38;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step39(input) {
  let sum = 39;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

function step40(input) {
  let sum = 40;
  for (let i = 0; i < input.length; i++) sum = (sum * 31 + input.charCodeAt(i)) | 0;
  return sum;
}

const steps = [
  step01,
  step02,
  step03,
  step04,
  step05,
  step06,
  step07,
  step08,
  step09,
  step10,
  step11,
  step12,
  step13,
  step14,
  step15,
  step16,
  step17,
  step18,
  step19,
  step20,
  step21,
  step22,
  step23,
  step24,
  step25,
  step26,
  step27,
  step28,
  step29,
  step30,
  step31,
  step32,
  step33,
  step34,
  step35,
  step36,
  step37,
  step38,
  step39,
  step40,
];
const end = Date.now() + 1500;
let sum = 0;
while (Date.now() < end) {
  for (const step of steps) sum ^= step(text);
}
console.log(sum);
