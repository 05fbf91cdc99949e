#ifndef LENSCAP_FINGERPRINT_PICTURE_MAP_H_
#define LENSCAP_FINGERPRINT_PICTURE_MAP_H_

namespace lenscap {

// A point of a picture. The unit is the picture's longer side, so that both
// axes have the same scale; (0, 0) is the top left corner.
struct PicturePoint {
  double x = 0;
  double y = 0;
};

// The extent of a picture in that unit: one of them is 1.
struct PictureSize {
  double width = 1;
  double height = 1;

  bool Holds(PicturePoint point, double margin) const {
    return point.x >= -margin && point.x <= width + margin &&
           point.y >= -margin && point.y <= height + margin;
  }
};

// Takes each point of one picture to a point of another: scaled, turned,
// stretched, sheared, shifted and, with the last two, seen at a slant.
struct PictureMap {
  double xx = 1, xy = 0, x0 = 0;
  double yx = 0, yy = 1, y0 = 0;
  double zx = 0, zy = 0;

  PicturePoint operator()(PicturePoint point) const {
    const double z = zx * point.x + zy * point.y + 1;
    return {(xx * point.x + xy * point.y + x0) / z,
            (yx * point.x + yy * point.y + y0) / z};
  }

  // Of the matrix; 0 where it takes all points to one line.
  double determinant() const {
    return xx * (yy - y0 * zy) - xy * (yx - y0 * zx) + x0 * (yx * zy - yy * zx);
  }

  // Takes each point back. The determinant may not be 0, nor may the point
  // that is taken to (0, 0) be at infinity.
  PictureMap Inverse() const {
    const double one = xx * yy - xy * yx;
    return {(yy - y0 * zy) / one,      (x0 * zy - xy) / one,
            (xy * y0 - x0 * yy) / one, (y0 * zx - yx) / one,
            (xx - x0 * zx) / one,      (x0 * yx - xx * y0) / one,
            (yx * zy - yy * zx) / one, (xy * zx - xx * zy) / one};
  }
};

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_PICTURE_MAP_H_
