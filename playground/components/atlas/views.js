// The kinds of map, and how each is described.

export const RUN = "run"; // the view of what t-SNE made in the page

export const VIEWS = {
  tsne: { words: "t-SNE", method: "by t-SNE" },
  tsne3: { words: "t-SNE 3-D", method: "by t-SNE" },
  pca: { words: "PCA", method: "by two principal components" },
  pca3: { words: "PCA 3-D", method: "by three principal components" },
  code: { words: "Code", method: "as they are" },
  [RUN]: { words: "Your run", method: "by t-SNE" },
};

export function described({ count, every, shaping }, view, source) {
  const what = every ? "pictures, those trained on too" : "test digits";
  return `${count.toLocaleString("en-GB")} ${what}, ${source}, ${VIEWS[view].method}${shaping ? ": still taking shape" : ""}`;
}
