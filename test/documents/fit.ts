/** A fit as the game copies it. */
export const rifterFit = `[Rifter, cheap and quick]
Gyrostabilizer II

200mm AutoCannon II
`;
