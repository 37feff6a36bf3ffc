/** The statuses of an answer that is whole: a read is answered with 200 alone, a write by three of them. */
const TAKEN = { GET: [200], POST: [200, 201, 204], DELETE: [200, 201, 204] };

/** True for a status that means that Halo did as it was asked, and sent all that there is to say. */
export const isTaken = (status: number, method: keyof typeof TAKEN): boolean => TAKEN[method].includes(status);
