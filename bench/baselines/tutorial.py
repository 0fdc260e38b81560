"""The usual app of the tutorials, for comparison: a cached pandas.read_excel, six metrics, four plotly.express charts.

It reads so_lieu.xlsx of the folder that it is started in (bench/baselines/workbook.py writes it).
"""

import pandas as pd
import plotly.express as px
import streamlit as st

st.set_page_config(page_title="Dân vận khéo", layout="wide")


@st.cache_data
def load_data() -> pd.DataFrame:
    return pd.read_excel("so_lieu.xlsx")


df = load_data()

st.title("Dân vận khéo")
year = st.sidebar.selectbox("Năm", sorted(df["nam"].unique(), reverse=True))
chosen = df[df["nam"] == year]

columns = st.columns(6)
columns[0].metric("Mô hình công nhận", int(chosen["mo_hinh_cong_nhan"].sum()))
columns[1].metric("Mô hình đăng ký", int(chosen["mo_hinh_dang_ky"].sum()))
columns[2].metric("Mô hình khen thưởng", int(chosen["mo_hinh_khen_thuong"].sum()))
columns[3].metric("Kiểm tra", int(chosen["kiem_tra"].sum()))
columns[4].metric("Hội nghị", int(chosen["hoi_nghi"].sum()))
columns[5].metric("Số đơn vị", chosen["don_vi"].nunique())

left, right = st.columns(2)
by_unit = chosen.groupby("don_vi", as_index=False)["mo_hinh_cong_nhan"].sum()
left.plotly_chart(px.bar(by_unit, x="don_vi", y="mo_hinh_cong_nhan", title="Mô hình theo đơn vị"))
by_field = chosen.groupby("linh_vuc", as_index=False)["mo_hinh_cong_nhan"].sum()
right.plotly_chart(px.pie(by_field, names="linh_vuc", values="mo_hinh_cong_nhan", title="Mô hình theo lĩnh vực"))

left, right = st.columns(2)
by_year = df.groupby(["nam", "linh_vuc"], as_index=False)["mo_hinh_cong_nhan"].sum()
left.plotly_chart(px.line(by_year, x="nam", y="mo_hinh_cong_nhan", color="linh_vuc", title="Mô hình qua các năm"))
both = chosen.groupby(["don_vi", "linh_vuc"], as_index=False)["mo_hinh_cong_nhan"].sum()
right.plotly_chart(px.bar(both, x="don_vi", y="mo_hinh_cong_nhan", color="linh_vuc", title="Đơn vị và lĩnh vực"))
