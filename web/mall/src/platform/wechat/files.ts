/** Files that a person keeps, and paper: WeChat sends a file to a chat, and prints nothing. */

export const PRINTS = false;

/** Give a person a text as a file. */
export function saveText(name: string, text: string): Promise<void> {
  const filePath = `${wx.env.USER_DATA_PATH}/${name}`;
  return new Promise((resolve, reject) => {
    const share = () =>
      wx.shareFileMessage({ filePath, fileName: name, success: resolve, fail: reject });
    uni.getFileSystemManager().writeFile({
      ...{ filePath, data: text, encoding: "utf8" },
      ...{ fail: reject, success: share },
    });
  });
}

export function printPage(): void {}
