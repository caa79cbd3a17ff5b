/** What the mall uses of WeChat and uni-app does not have. */
declare const wx: {
  /** Source: https://developers.weixin.qq.com/miniprogram/dev/api/device/crypto/wx.getRandomValues.html */
  getRandomValues(options: {
    length: number;
    success: (found: { randomValues: ArrayBuffer }) => void;
  }): void;
};
