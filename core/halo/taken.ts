/** The statuses of a complete answer: only 200 for a read, three for a write. */
const TAKEN = { GET: [200], POST: [200, 201, 204], DELETE: [200, 201, 204] };

/** True for a status that means that Halo did what it was asked, and sent all there is to say. */
export const isTaken = (status: number, method: keyof typeof TAKEN): boolean => TAKEN[method].includes(status);
