/** What the mall uses of WeChat and uni-app does not have. */
declare const wx: {
  /** Source: https://developers.weixin.qq.com/miniprogram/dev/api/device/crypto/wx.getRandomValues.html */
  getRandomValues(options: {
    length: number;
    success: (found: { randomValues: ArrayBuffer }) => void;
  }): void;
  /** Source: https://developers.weixin.qq.com/miniprogram/dev/api/file/wx.env.html */
  env: { USER_DATA_PATH: string };
  /** Source: https://developers.weixin.qq.com/miniprogram/dev/api/share/wx.shareFileMessage.html */
  shareFileMessage(options: {
    filePath: string;
    fileName: string;
    success: () => void;
    fail: (error: unknown) => void;
  }): void;
};
