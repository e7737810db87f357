/** Names an image of a frame: another one when it is rendered again. */
export function pictureKey(image: { jobId: number; frame: number; writtenAt: number | null }): string {
  return `${image.jobId}/${image.frame}/${image.writtenAt ?? ''}`;
}
