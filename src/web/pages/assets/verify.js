// Files can be dropped anywhere on the form, pasted, or photographed as a QR code, where the browser can.
const form = document.querySelector('form.verify');
const file = document.getElementById('file');
const send = (files) => {
  if (!files.length) return;
  file.files = files;
  form.submit();
};
form.addEventListener('dragover', (event) => {
  event.preventDefault();
  form.classList.add('over');
});
form.addEventListener('dragleave', () => form.classList.remove('over'));
form.addEventListener('drop', (event) => {
  event.preventDefault();
  send(event.dataTransfer.files);
});
addEventListener('paste', (event) => {
  if (event.clipboardData.files.length) send(event.clipboardData.files);
});
const scan = document.getElementById('scan');
const readsCodes = async () =>
  'BarcodeDetector' in globalThis &&
  (await BarcodeDetector.getSupportedFormats()).includes('qr_code');
const codeIn = async (photo) => {
  const detector = new BarcodeDetector({ formats: ['qr_code'] });
  const codes = await detector.detect(await createImageBitmap(photo));
  return codes.at(0)?.rawValue;
};
if (await readsCodes()) {
  const photo = Object.assign(document.createElement('input'), {
    type: 'file',
    accept: 'image/*',
    capture: 'environment',
  });
  scan.hidden = false;
  scan.addEventListener('click', () => photo.click());
  photo.addEventListener('change', async () => {
    if (!photo.files.length) return;
    // A picture that can't be read has no code either.
    const code = await codeIn(photo.files[0]).catch(() => undefined);
    if (!code) {
      scan.textContent = scan.dataset.found;
      return;
    }
    document.getElementById('url').value = code;
    form.submit();
  });
}
