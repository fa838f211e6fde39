/* A short sound, made of two notes: there is no file to load, and no policy of the page that could refuse it. */

/* Frequency in hertz, start and length in seconds. */
const NOTES = [
  [784, 0, 0.09],
  [1046.5, 0.08, 0.14],
];

/* From 0 to 1. */
const GAIN = 0.07;

/* Several messages at once sound once. */
const PAUSE_MS = 2e3;

export const sound = (on) => {
  let context, last = -PAUSE_MS;

  const note = ([frequency, after, length]) => {
    const start = context.currentTime + after, end = start + length;
    const tone = context.createOscillator();
    const envelope = context.createGain();
    tone.type = "triangle";
    tone.frequency.value = frequency;
    /* Without a slope at both ends a note begins and ends with a click. */
    envelope.gain.setValueAtTime(0, start);
    envelope.gain.linearRampToValueAtTime(GAIN, start + 0.02);
    envelope.gain.exponentialRampToValueAtTime(0.001, end);
    tone.connect(envelope).connect(context.destination);
    tone.start(start);
    tone.stop(end);
  };

  /* Browsers let a page sound once it was touched, and some only what was begun with a touch. */
  const wake = () => {
    context ??= new AudioContext();
    return context.resume();
  };

  for (const touch of ["pointerdown", "keydown"]) on(window, touch, () => context?.state === "suspended" && wake());

  return {
    isPossible: !!window.AudioContext,
    play() {
      const now = performance.now();
      if (!window.AudioContext || navigator.userActivation?.hasBeenActive === false || now - last < PAUSE_MS) return;
      last = now;
      /* One that wakes later has nothing to tell any more. */
      wake().then(() => performance.now() - now < PAUSE_MS && NOTES.forEach(note), () => {});
    },
  };
};
